-- Usual lab chemicals: who they are. Written by us; one row a CAS RN, of the grade a lab usually buys.
-- Synonyms are parted by "; ". Formulas as labels print them, hydrates with a point: CuSO4·5H2O. Molar masses by molmass,
-- densities at 20 °C. SMILES as written, InChIKeys computed from them.
CREATE TEMPORARY TABLE own_substances (
  cas_number text, name text, synonyms text, formula text, molar_mass_g_per_mol numeric, physical_state text,
  density_g_per_ml numeric, smiles text, inchikey text
) ON COMMIT DROP;
COPY own_substances FROM STDIN (FORMAT csv);
50-00-0,"Formaldehyde solution, 37 %",formalin; methanal,CH2O,30.03,liquid,1.09,C=O,WSFSSNUMVMOOMR-UHFFFAOYSA-N
50-01-1,Guanidine hydrochloride,guanidinium chloride; GdnHCl,CH5N3·HCl,95.53,solid,1.35,Cl.NC(N)=N,PJJJBBJSCAKJQF-UHFFFAOYSA-N
50-99-7,D-(+)-Glucose,dextrose; grape sugar,C6H12O6,180.16,solid,1.54,OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O,WQZGKKKJIJFFOK-GASJEMHNSA-N
54-64-8,Thimerosal,thiomersal; EMTS; sodium ethylmercurithiosalicylate,C9H9HgNaO2S,404.81,solid,,[Na+].CC[Hg]Sc1ccccc1C([O-])=O,RTKIYNMVFMVABJ-UHFFFAOYSA-L
56-40-6,Glycine,aminoacetic acid; Gly,C2H5NO2,75.07,solid,1.16,NCC(O)=O,DHMQDGOQFOQNFH-UHFFFAOYSA-N
56-81-5,Glycerol,"glycerin; glycerine; propane-1,2,3-triol",C3H8O3,92.09,liquid,1.261,OCC(O)CO,PEDCQBHIVMGVHV-UHFFFAOYSA-N
57-13-6,Urea,carbamide; carbonyldiamide,CH4N2O,60.06,solid,1.34,NC(N)=O,XSQUKJJJFZCRTK-UHFFFAOYSA-N
57-50-1,Sucrose,saccharose; table sugar,C12H22O11,342.30,solid,1.59,OC[C@H]1O[C@H](O[C@]2(CO)O[C@H](CO)[C@@H](O)[C@@H]2O)[C@H](O)[C@@H](O)[C@@H]1O,CZMRCDWAGMRECN-UGDNZRGBSA-N
58-08-2,Caffeine,"1,3,7-trimethylxanthine",C8H10N4O2,194.19,solid,1.23,Cn1cnc2n(C)c(=O)n(C)c(=O)c12,RYYVLZVUVIJVGH-UHFFFAOYSA-N
60-24-2,2-Mercaptoethanol,β-mercaptoethanol; BME; 2-ME,C2H6OS,78.13,liquid,1.114,OCCS,DGVVWUTYPXICAM-UHFFFAOYSA-N
60-29-7,Diethyl ether,ether; ethoxyethane; Et2O,C4H10O,74.12,liquid,0.713,CCOCC,RTZKZFJDLAIYFH-UHFFFAOYSA-N
62-53-3,Aniline,aminobenzene; phenylamine,C6H7N,93.13,liquid,1.022,Nc1ccccc1,PAYRUJLWNCNPSJ-UHFFFAOYSA-N
64-17-5,"Ethanol, absolute",ethyl alcohol; EtOH,C2H6O,46.07,liquid,0.789,CCO,LFQSCWFLJHTTHZ-UHFFFAOYSA-N
64-18-6,Formic acid,methanoic acid,CH2O2,46.02,liquid,1.22,OC=O,BDAGIHXWWSANSR-UHFFFAOYSA-N
64-19-7,"Acetic acid, glacial",acetic acid; ethanoic acid; AcOH,C2H4O2,60.05,liquid,1.049,CC(O)=O,QTBSBXVTEAMEQO-UHFFFAOYSA-N
65-85-0,Benzoic acid,benzenecarboxylic acid,C7H6O2,122.12,solid,1.27,OC(=O)c1ccccc1,WPYMKLBDIGXBTP-UHFFFAOYSA-N
67-56-1,Methanol,MeOH; methyl alcohol,CH4O,32.04,liquid,0.791,CO,OKKJLVBELUTLKV-UHFFFAOYSA-N
67-63-0,2-Propanol,isopropanol; isopropyl alcohol; IPA,C3H8O,60.10,liquid,0.785,CC(C)O,KFZMGEQAYNKOFK-UHFFFAOYSA-N
67-64-1,Acetone,propan-2-one; dimethyl ketone,C3H6O,58.08,liquid,0.791,CC(C)=O,CSCPPACGZOOCGX-UHFFFAOYSA-N
67-66-3,Chloroform,trichloromethane,CHCl3,119.38,liquid,1.489,ClC(Cl)Cl,HEDRZPFGACZZDS-UHFFFAOYSA-N
67-68-5,Dimethyl sulfoxide,DMSO; methylsulfinylmethane,C2H6OS,78.13,liquid,1.1,CS(C)=O,IAZDPXIOMUYVGZ-UHFFFAOYSA-N
68-12-2,"N,N-Dimethylformamide",DMF,C3H7NO,73.09,liquid,0.944,CN(C)C=O,ZMXDDKWLCZADIW-UHFFFAOYSA-N
69-52-3,Ampicillin sodium,D-(−)-α-aminobenzylpenicillin sodium salt,C16H18N3NaO4S,371.39,solid,,[Na+].CC1(C)S[C@@H]2[C@H](NC(=O)[C@H](N)c3ccccc3)C(=O)N2[C@H]1C([O-])=O,KLOHDWPABZXLGI-YWUHCJSESA-M
71-36-3,1-Butanol,n-butanol; butan-1-ol; n-BuOH,C4H10O,74.12,liquid,0.81,CCCCO,LRHPLDYGYMQRHN-UHFFFAOYSA-N
71-43-2,Benzene,benzol; cyclohexatriene,C6H6,78.11,liquid,0.877,c1ccccc1,UHOVQNZJYSORNB-UHFFFAOYSA-N
74-88-4,Iodomethane,methyl iodide; MeI,CH3I,141.94,liquid,2.28,CI,INQOMBQAUSQDDS-UHFFFAOYSA-N
75-05-8,Acetonitrile,MeCN; ACN; methyl cyanide,C2H3N,41.05,liquid,0.786,CC#N,WEVYAHXRMPXWCK-UHFFFAOYSA-N
75-09-2,Dichloromethane,DCM; methylene chloride,CH2Cl2,84.93,liquid,1.326,ClCCl,YMWUJEATGCHHMB-UHFFFAOYSA-N
75-15-0,Carbon disulfide,carbon disulphide; CS2,CS2,76.14,liquid,1.263,S=C=S,QGJOPFRUJISHPQ-UHFFFAOYSA-N
75-36-5,Acetyl chloride,ethanoyl chloride; AcCl,C2H3ClO,78.50,liquid,1.104,CC(Cl)=O,WETWJCDKMRHUPV-UHFFFAOYSA-N
75-77-4,Chlorotrimethylsilane,TMSCl; trimethylsilyl chloride,C3H9ClSi,108.64,liquid,0.856,C[Si](C)(C)Cl,IJOOHPMOJXWVHK-UHFFFAOYSA-N
76-05-1,Trifluoroacetic acid,TFA,C2HF3O2,114.02,liquid,1.489,OC(=O)C(F)(F)F,DTQVDTLACAAQTR-UHFFFAOYSA-N
77-78-1,Dimethyl sulfate,DMS; sulfuric acid dimethyl ester,C2H6O4S,126.13,liquid,1.33,COS(=O)(=O)OC,VAYGXNSJCAHWJZ-UHFFFAOYSA-N
77-86-1,Tris,tris(hydroxymethyl)aminomethane; Trizma base; THAM; tromethamine,C4H11NO3,121.14,solid,,NC(CO)(CO)CO,LENZDBCJOHFCAS-UHFFFAOYSA-N
79-06-1,Acrylamide,prop-2-enamide,C3H5NO,71.08,solid,1.12,NC(=O)C=C,HRPVXLWXLXDGHG-UHFFFAOYSA-N
98-59-9,p-Toluenesulfonyl chloride,tosyl chloride; TsCl; 4-methylbenzenesulfonyl chloride,C7H7ClO2S,190.65,solid,,Cc1ccc(cc1)S(Cl)(=O)=O,YYROPELSRYBVMQ-UHFFFAOYSA-N
98-80-6,Phenylboronic acid,benzeneboronic acid; dihydroxyphenylborane,C6H7BO2,121.93,solid,,OB(O)c1ccccc1,HXITXNWTGFUOAU-UHFFFAOYSA-N
98-86-2,Acetophenone,methyl phenyl ketone,C8H8O,120.15,liquid,1.03,CC(=O)c1ccccc1,KWOLFJPFCHCOCG-UHFFFAOYSA-N
100-39-0,Benzyl bromide,α-bromotoluene; BnBr,C7H7Br,171.03,liquid,1.438,BrCc1ccccc1,AGEZXYOZHKGVCM-UHFFFAOYSA-N
100-44-7,Benzyl chloride,α-chlorotoluene; BnCl,C7H7Cl,126.58,liquid,1.1,ClCc1ccccc1,KCXMKQUNVWSEMD-UHFFFAOYSA-N
100-52-7,Benzaldehyde,oil of bitter almond; PhCHO,C7H6O,106.12,liquid,1.044,O=Cc1ccccc1,HUMNYLRZRPPJDN-UHFFFAOYSA-N
100-66-3,Anisole,methoxybenzene,C7H8O,108.14,liquid,0.995,COc1ccccc1,RDOXTESZEPMUJZ-UHFFFAOYSA-N
104-92-7,4-Bromoanisole,1-bromo-4-methoxybenzene; p-bromoanisole,C7H7BrO,187.03,liquid,1.494,COc1ccc(Br)cc1,QJPJQTDYNZXKQF-UHFFFAOYSA-N
107-21-1,Ethylene glycol,"ethane-1,2-diol; MEG",C2H6O2,62.07,liquid,1.113,OCCO,LYCAIKOWRPUZTN-UHFFFAOYSA-N
107-41-5,"2-Methyl-2,4-pentanediol",MPD; hexylene glycol,C6H14O2,118.17,liquid,0.925,CC(O)CC(C)(C)O,SVTBMSDMJJWYQN-UHFFFAOYSA-N
108-24-7,Acetic anhydride,Ac2O; ethanoic anhydride,C4H6O3,102.09,liquid,1.082,CC(=O)OC(C)=O,WFDIJRYMOXRFFG-UHFFFAOYSA-N
108-88-3,Toluene,methylbenzene; toluol,C7H8,92.14,liquid,0.867,Cc1ccccc1,YXFVVABEGXRONW-UHFFFAOYSA-N
108-95-2,Phenol,carbolic acid; hydroxybenzene,C6H6O,94.11,solid,1.07,Oc1ccccc1,ISWSIDIOOBJBQZ-UHFFFAOYSA-N
109-66-0,n-Pentane,pentane,C5H12,72.15,liquid,0.626,CCCCC,OFBQJSOFQDEBGM-UHFFFAOYSA-N
109-72-8,"n-Butyllithium, 2.5 M in hexanes",n-BuLi; butyllithium,C4H9Li,64.05,liquid,0.693,[Li]CCCC,MZRVEZGGRBJDDB-UHFFFAOYSA-N
109-99-9,Tetrahydrofuran,THF; oxolane,C4H8O,72.11,liquid,0.889,C1CCOC1,WYURNTSHIVDZCO-UHFFFAOYSA-N
110-18-9,"N,N,N′,N′-Tetramethylethylenediamine",TEMED; TMEDA,C6H16N2,116.20,liquid,0.775,CN(C)CCN(C)C,KWYHDKDOAIKMQN-UHFFFAOYSA-N
110-54-3,n-Hexane,hexane,C6H14,86.18,liquid,0.659,CCCCCC,VLKZOEOYAKHREP-UHFFFAOYSA-N
110-82-7,Cyclohexane,hexahydrobenzene; hexamethylene,C6H12,84.16,liquid,0.779,C1CCCCC1,XDTMQSROBMDMFD-UHFFFAOYSA-N
110-86-1,Pyridine,azine,C5H5N,79.10,liquid,0.978,c1ccncc1,JUJWROOIHBZHMG-UHFFFAOYSA-N
121-44-8,Triethylamine,"TEA; Et3N; N,N-diethylethanamine",C6H15N,101.19,liquid,0.726,CCN(CC)CC,ZMANZCXQSJIPKH-UHFFFAOYSA-N
123-91-1,"1,4-Dioxane",dioxane; diethylene dioxide,C4H8O2,88.10,liquid,1.034,C1COCCO1,RYHBNJHYFVUHQT-UHFFFAOYSA-N
124-38-9,Carbon dioxide,CO2; dry ice,CO2,44.01,gas,,O=C=O,CURLTUGMZLYLDI-UHFFFAOYSA-N
127-19-5,"N,N-Dimethylacetamide",DMAc; DMA,C4H9NO,87.12,liquid,0.937,CN(C)C(C)=O,FXHOOIRPVKKKFG-UHFFFAOYSA-N
128-08-5,N-Bromosuccinimide,"NBS; 1-bromopyrrolidine-2,5-dione",C4H4BrNO2,177.98,solid,,O=C1CCC(=O)N1Br,PCLIMKBDDGJMGD-UHFFFAOYSA-N
141-53-7,Sodium formate,formic acid sodium salt; HCOONa,CHNaO2,68.01,solid,1.92,[Na+].[O-]C=O,HLBBKKJFGFRGMU-UHFFFAOYSA-M
141-78-6,Ethyl acetate,EtOAc; ethyl ethanoate,C4H8O2,88.10,liquid,0.902,CCOC(C)=O,XEKOWRVHYACXOJ-UHFFFAOYSA-N
141-95-7,Disodium malonate,sodium malonate dibasic; malonic acid disodium salt,C3H2Na2O4,148.02,solid,,[Na+].[Na+].[O-]C(=O)CC([O-])=O,PRWXGRGLHYDWPS-UHFFFAOYSA-L
142-82-5,n-Heptane,heptane,C7H16,100.20,liquid,0.684,CCCCCCC,IMNFDUFMRHMDMM-UHFFFAOYSA-N
144-55-8,Sodium hydrogencarbonate,sodium bicarbonate; baking soda,NaHCO3,84.01,solid,2.2,[Na+].OC([O-])=O,UIIMBOGNXHQVGW-UHFFFAOYSA-M
147-85-3,L-Proline,(S)-pyrrolidine-2-carboxylic acid; Pro,C5H9NO2,115.13,solid,,OC(=O)[C@@H]1CCCN1,ONIBWKKTOPOVIA-BYPYZUCNSA-N
150-25-4,Bicine,"N,N-bis(2-hydroxyethyl)glycine",C6H13NO4,163.17,solid,,OCCN(CCO)CC(O)=O,FSVCELGFZIQNCK-UHFFFAOYSA-N
151-21-3,Sodium dodecyl sulfate,SDS; sodium lauryl sulfate; SLS,C12H25NaO4S,288.38,solid,,[Na+].CCCCCCCCCCCCOS([O-])(=O)=O,DBMJMQXJHONAFJ-UHFFFAOYSA-M
151-50-8,Potassium cyanide,KCN,KCN,65.12,solid,1.52,[K+].[C-]#N,NNFCIKHAZHQZJG-UHFFFAOYSA-N
288-32-4,Imidazole,"1,3-diazole; glyoxaline",C3H4N2,68.08,solid,1.03,c1c[nH]cn1,RAXXELZNTBOGNW-UHFFFAOYSA-N
302-01-2,Hydrazine,diamine; diazane,N2H4,32.04,liquid,1.01,NN,OAKJQQAXSVQMHS-UHFFFAOYSA-N
306-67-2,Spermine tetrahydrochloride,"N,N′-bis(3-aminopropyl)-1,4-butanediamine tetrahydrochloride",C10H26N4·4HCl,348.18,solid,,Cl.Cl.Cl.Cl.NCCCNCCCCNCCCN,XLDKUDAXZWHPFH-UHFFFAOYSA-N
329-98-6,Phenylmethanesulfonyl fluoride,PMSF; α-toluenesulfonyl fluoride,C7H7FO2S,174.19,solid,,FS(=O)(=O)Cc1ccccc1,YBYRMVIVWMBXKQ-UHFFFAOYSA-N
367-93-1,IPTG,isopropyl β-D-1-thiogalactopyranoside,C9H18O5S,238.30,solid,,CC(C)S[C@@H]1O[C@H](CO)[C@H](O)[C@H](O)[C@H]1O,BPHPUYQFMNQIOC-NXRLNHOXSA-N
471-34-1,Calcium carbonate,chalk; limestone; CaCO3,CaCO3,100.09,solid,2.71,[Ca+2].[O-]C([O-])=O,VTYYLEPIZMXCLO-UHFFFAOYSA-L
497-19-8,"Sodium carbonate, anhydrous",soda ash; Na2CO3,Na2CO3,105.99,solid,2.54,[Na+].[Na+].[O-]C([O-])=O,CDBYLPFSWZWCQE-UHFFFAOYSA-L
534-17-8,Caesium carbonate,cesium carbonate; Cs2CO3,Cs2CO3,325.82,solid,4.07,[Cs+].[Cs+].[O-]C([O-])=O,FJDQFPXHSGXQBY-UHFFFAOYSA-L
538-75-0,"N,N′-Dicyclohexylcarbodiimide",DCC; DCCI,C13H22N2,206.33,solid,,C1CCC(CC1)N=C=NC1CCCCC1,QOSSAOTZNIDXMA-UHFFFAOYSA-N
546-68-9,Titanium(IV) isopropoxide,titanium tetraisopropoxide; TTIP,C12H28O4Ti,284.22,liquid,0.96,[Ti+4].CC(C)[O-].CC(C)[O-].CC(C)[O-].CC(C)[O-],VXUYXOFXAQZZMF-UHFFFAOYSA-N
584-08-7,Potassium carbonate,potash; K2CO3,K2CO3,138.21,solid,2.43,[K+].[K+].[O-]C([O-])=O,BWHMMNNQKKPAPP-UHFFFAOYSA-L
603-35-0,Triphenylphosphine,PPh3; TPP; triphenylphosphane,C18H15P,262.29,solid,,c1ccc(cc1)P(c1ccccc1)c1ccccc1,RIOQSEWOXXDEQQ-UHFFFAOYSA-N
619-44-3,Methyl 4-iodobenzoate,4-iodobenzoic acid methyl ester,C8H7IO2,262.04,solid,,COC(=O)c1ccc(I)cc1,DYUWQWMXZHDZOR-UHFFFAOYSA-N
631-61-8,Ammonium acetate,acetic acid ammonium salt; NH4OAc,C2H7NO2,77.08,solid,1.17,[NH4+].CC([O-])=O,USFZMSVCRYTOJT-UHFFFAOYSA-N
865-47-4,Potassium tert-butoxide,KOtBu; potassium t-butylate,C4H9KO,112.21,solid,,[K+].CC(C)(C)[O-],LPNYRYFBWFDTMA-UHFFFAOYSA-N
865-49-6,Chloroform-d,deuterochloroform; CDCl3,CDCl3,120.38,liquid,1.5,[2H]C(Cl)(Cl)Cl,HEDRZPFGACZZDS-MICDWDOJSA-N
872-50-4,N-Methyl-2-pyrrolidone,NMP; 1-methylpyrrolidin-2-one,C5H9NO,99.13,liquid,1.028,CN1CCCC1=O,SECXISVLQFMRJM-UHFFFAOYSA-N
937-14-4,"3-Chloroperbenzoic acid, ≤ 77 %",mCPBA; m-chloroperoxybenzoic acid; meta-chloroperbenzoic acid,C7H5ClO3,172.57,solid,,OOC(=O)c1cccc(Cl)c1,NHQDETIJWKXCTC-UHFFFAOYSA-N
1122-58-3,4-(Dimethylamino)pyridine,DMAP,C7H10N2,122.17,solid,,CN(C)c1ccncc1,VHYFNPMBLIVWCW-UHFFFAOYSA-N
1132-61-2,MOPS,3-(N-morpholino)propanesulfonic acid,C7H15NO4S,209.26,solid,,OS(=O)(=O)CCCN1CCOCC1,DVLFYONBTKHTER-UHFFFAOYSA-N
1185-53-1,Tris hydrochloride,Tris-HCl; Trizma hydrochloride,C4H11NO3·HCl,157.60,solid,,Cl.NC(CO)(CO)CO,QKNYBSVHEMOAJP-UHFFFAOYSA-N
1239-45-8,Ethidium bromide,homidium bromide; EtBr,C21H20BrN3,394.31,solid,,[Br-].CC[n+]1c(-c2ccccc2)c2cc(N)ccc2c2ccc(N)cc12,ZMMJGEGLRURXTF-UHFFFAOYSA-N
1310-58-3,"Potassium hydroxide, pellets",caustic potash; KOH,KOH,56.11,solid,2.04,[OH-].[K+],KWYUFKZDYYNOTN-UHFFFAOYSA-M
1310-73-2,"Sodium hydroxide, pellets",caustic soda; NaOH; lye,NaOH,40.00,solid,2.13,[OH-].[Na+],HEMHJVSKTPXQMS-UHFFFAOYSA-M
1330-20-7,"Xylene, mixture of isomers",xylenes; dimethylbenzene,C8H10,106.16,liquid,0.864,,
1333-74-0,"Hydrogen, compressed",dihydrogen; H2,H2,2.016,gas,,[H][H],UFHFLCQGNIYNRP-UHFFFAOYSA-N
1336-21-6,"Ammonia solution, 25 %",ammonium hydroxide; aqueous ammonia,NH4OH,35.05,liquid,0.91,[NH4+].[OH-],VHUUQVKOLVNVRT-UHFFFAOYSA-N
1634-04-4,tert-Butyl methyl ether,MTBE; methyl tert-butyl ether,C5H12O,88.15,liquid,0.74,COC(C)(C)C,BZLVMXJERCGZMT-UHFFFAOYSA-N
3211-76-5,L-Selenomethionine,seleno-L-methionine; SeMet,C5H11NO2Se,196.12,solid,,C[Se]CC[C@H](N)C(O)=O,RJFAYQIBOAGBLC-BYPYZUCNSA-N
3483-12-3,DL-Dithiothreitol,DTT; Cleland's reagent,C4H10O2S2,154.25,solid,,OC(CS)C(O)CS,VHJLVAABSRFDPM-UHFFFAOYSA-N
5949-29-1,Citric acid monohydrate,"2-hydroxypropane-1,2,3-tricarboxylic acid monohydrate",C6H8O7·H2O,210.14,solid,1.54,O.OC(=O)CC(O)(CC(O)=O)C(O)=O,YASYEJJMZJALEJ-UHFFFAOYSA-N
5970-45-6,Zinc acetate dihydrate,zinc diacetate dihydrate,C4H6O4Zn·2H2O,219.50,solid,1.74,O.O.[Zn+2].CC([O-])=O.CC([O-])=O,BEAZKUGSCHFXIQ-UHFFFAOYSA-L
6104-59-2,Coomassie Brilliant Blue R-250,Brilliant Blue R; Acid Blue 83,C45H44N3NaO7S2,825.97,solid,,,
6131-90-4,Sodium acetate trihydrate,NaOAc; acetic acid sodium salt trihydrate,C2H3NaO2·3H2O,136.08,solid,1.45,O.O.O.[Na+].CC([O-])=O,AYRVGWHSXIMRAB-UHFFFAOYSA-M
6131-99-3,Sodium cacodylate trihydrate,cacodylic acid sodium salt trihydrate; sodium dimethylarsinate,C2H6AsNaO2·3H2O,214.02,solid,,O.O.O.[Na+].C[As](C)([O-])=O,RLGWPHBPRCROJO-UHFFFAOYSA-M
6132-04-3,Trisodium citrate dihydrate,sodium citrate tribasic dihydrate,C6H5Na3O7·2H2O,294.10,solid,,O.O.[Na+].[Na+].[Na+].OC(CC([O-])=O)(CC([O-])=O)C([O-])=O,NLJMYIDDQXHKNR-UHFFFAOYSA-K
6138-23-4,D-(+)-Trehalose dihydrate,"mycose; α,α-trehalose",C12H22O11·2H2O,378.33,solid,1.58,O.O.OC[C@H]1O[C@H](O[C@H]2O[C@H](CO)[C@@H](O)[C@H](O)[C@H]2O)[C@H](O)[C@@H](O)[C@@H]1O,DPVHGFAJLZWDOC-PVXXTIHASA-N
6153-56-6,Oxalic acid dihydrate,ethanedioic acid dihydrate,C2H2O4·2H2O,126.07,solid,1.65,O.O.OC(=O)C(O)=O,GEVPUGOOGXGPIO-UHFFFAOYSA-N
6192-52-5,p-Toluenesulfonic acid monohydrate,TsOH; PTSA; tosic acid,C7H8O3S·H2O,190.22,solid,,O.Cc1ccc(cc1)S(O)(=O)=O,KJIFKLIQANRMOU-UHFFFAOYSA-N
6381-92-6,EDTA disodium salt dihydrate,Na2EDTA; ethylenediaminetetraacetic acid disodium salt,C10H14N2Na2O8·2H2O,372.24,solid,,O.O.[Na+].[Na+].OC(=O)CN(CCN(CC(O)=O)CC([O-])=O)CC([O-])=O,OVBJJZOQPCKUOR-UHFFFAOYSA-L
6976-37-0,Bis-Tris,bis(2-hydroxyethyl)aminotris(hydroxymethyl)methane,C8H19NO5,209.24,solid,,OCCN(CCO)C(CO)(CO)CO,OWMVSZAMULFTJU-UHFFFAOYSA-N
7087-68-5,"N,N-Diisopropylethylamine",DIPEA; DIEA; Hünig's base,C8H19N,129.24,liquid,0.742,CCN(C(C)C)C(C)C,JGFZNNIVVJXRND-UHFFFAOYSA-N
7365-45-9,HEPES,4-(2-hydroxyethyl)piperazine-1-ethanesulfonic acid,C8H18N2O4S,238.30,solid,,OCCN1CCN(CC1)CCS(O)(=O)=O,JKMHFZQWWAIEOD-UHFFFAOYSA-N
7439-93-2,Lithium,lithium metal,Li,6.940,solid,0.53,[Li],WHXSMMKQMYFTQS-UHFFFAOYSA-N
7439-95-4,Magnesium turnings,Mg; Grignard magnesium,Mg,24.30,solid,1.74,[Mg],FYYHWMGAXLPEAU-UHFFFAOYSA-N
7439-97-6,Mercury,quicksilver; Hg,Hg,200.59,liquid,13.53,[Hg],QSHDDOUJBYECFT-UHFFFAOYSA-N
7440-05-3,"Palladium on carbon, 10 %",Pd/C; palladium on charcoal,Pd,106.42,solid,,[Pd],KDLHZDBZIXYQEI-UHFFFAOYSA-N
7440-23-5,"Sodium, in mineral oil",natrium; sodium metal,Na,22.99,solid,0.97,[Na],KEAYESYHFKHZAL-UHFFFAOYSA-N
7440-37-1,"Argon, compressed",Ar; argon 5.0,Ar,39.95,gas,,[Ar],XKRFYHLGVUSROY-UHFFFAOYSA-N
7440-59-7,"Helium, compressed",He; helium 5.0,He,4.003,gas,,[He],SWQJXJOGLNCZEY-UHFFFAOYSA-N
7440-66-6,"Zinc powder, stabilised",zinc dust; Zn,Zn,65.38,solid,7.14,[Zn],HCHKCACWOHOZIP-UHFFFAOYSA-N
7446-70-0,"Aluminium chloride, anhydrous",aluminum chloride; AlCl3,AlCl3,133.34,solid,2.44,Cl[Al](Cl)Cl,VSCWAEJMTAWNJL-UHFFFAOYSA-K
7447-40-7,Potassium chloride,KCl; sylvite,KCl,74.55,solid,1.98,[K+].[Cl-],WCUXLLCKKVVCTQ-UHFFFAOYSA-M
7487-88-9,"Magnesium sulfate, anhydrous",MgSO4; drying agent,MgSO4,120.37,solid,2.66,[Mg+2].[O-]S([O-])(=O)=O,CSNNHWWHGAXBCP-UHFFFAOYSA-L
7553-56-2,Iodine,diiodine,I2,253.81,solid,4.93,II,PNDPGZBMCMUPRI-UHFFFAOYSA-N
7558-79-4,Disodium hydrogen phosphate,sodium phosphate dibasic; Na2HPO4,Na2HPO4,141.96,solid,1.7,[Na+].[Na+].OP([O-])([O-])=O,BNIILDVGGAEEIG-UHFFFAOYSA-L
7601-90-3,"Perchloric acid, 70 %",HClO4,HClO4,100.46,liquid,1.664,O[Cl](=O)(=O)=O,VLTRZXGMWDSKGL-UHFFFAOYSA-N
7632-00-0,Sodium nitrite,NaNO2,NaNO2,69.00,solid,2.17,[Na+].[O-]N=O,LPXPTNMVRIOKMN-UHFFFAOYSA-M
7646-69-7,"Sodium hydride, 60 % in mineral oil",sodium hydride,NaH,24.00,solid,,[H-].[Na+],BZKBCQXYZZXSCO-UHFFFAOYSA-N
7647-01-0,"Hydrochloric acid, 37 %",hydrogen chloride solution; muriatic acid,HCl,36.46,liquid,1.19,Cl,VEXZGXHMUGYJMC-UHFFFAOYSA-N
7647-14-5,Sodium chloride,NaCl; table salt,NaCl,58.44,solid,2.17,[Na+].[Cl-],FAPWRFPIFSIZLT-UHFFFAOYSA-M
7664-38-2,"Phosphoric acid, 85 %",orthophosphoric acid,H3PO4,98.00,liquid,1.685,OP(O)(O)=O,NBIIXXVUZAFLBC-UHFFFAOYSA-N
7664-39-3,"Hydrofluoric acid, 48 %",hydrogen fluoride solution; HF,HF,20.01,liquid,1.15,F,KRHYYFGTRYWZRS-UHFFFAOYSA-N
7664-93-9,"Sulfuric acid, 95–98 %",sulphuric acid; oil of vitriol,H2SO4,98.08,liquid,1.84,OS(O)(=O)=O,QAOWNCQODCNURD-UHFFFAOYSA-N
7681-11-0,Potassium iodide,KI,KI,166.00,solid,3.13,[K+].[I-],NLKNQRATVPKPDG-UHFFFAOYSA-M
7681-65-4,Copper(I) iodide,cuprous iodide; CuI,CuI,190.45,solid,5.62,[Cu]I,LSXDOTMGLUJQCM-UHFFFAOYSA-M
7697-37-2,"Nitric acid, 65 %",aqua fortis; azotic acid,HNO3,63.01,liquid,1.39,O[N+]([O-])=O,GRYLNZFGIOXLOG-UHFFFAOYSA-N
7705-08-0,"Iron(III) chloride, anhydrous",ferric chloride; FeCl3,FeCl3,162.20,solid,2.9,Cl[Fe](Cl)Cl,RBTARNINKXHZNM-UHFFFAOYSA-K
7719-09-7,Thionyl chloride,sulfurous dichloride,SOCl2,118.97,liquid,1.64,ClS(Cl)=O,FYSNRJHAOHDILO-UHFFFAOYSA-N
7722-64-7,Potassium permanganate,KMnO4; Condy's crystals,KMnO4,158.03,solid,2.7,[K+].[O-][Mn](=O)(=O)=O,VZJVWSHVAAUDKD-UHFFFAOYSA-N
7722-84-1,"Hydrogen peroxide, 30 %",perhydrol; H2O2,H2O2,34.02,liquid,1.11,OO,MHAJPDPJQMAIIY-UHFFFAOYSA-N
7726-95-6,Bromine,dibromine,Br2,159.81,liquid,3.119,BrBr,GDTBXPJZTBHREO-UHFFFAOYSA-N
7727-37-9,"Nitrogen, compressed",dinitrogen; N2,N2,28.01,gas,,N#N,IJGRMHOSHXDMSA-UHFFFAOYSA-N
7727-54-0,Ammonium persulfate,APS; ammonium peroxodisulfate,(NH4)2S2O8,228.20,solid,1.98,[NH4+].[NH4+].[O-]S(=O)(=O)OOS([O-])(=O)=O,ROOXNKNUYICQNP-UHFFFAOYSA-N
7732-18-5,Water,aqua; H2O,H2O,18.02,liquid,0.998,O,XLYOFNOQVPJJNP-UHFFFAOYSA-N
7757-82-6,"Sodium sulfate, anhydrous",Na2SO4; drying agent,Na2SO4,142.04,solid,2.66,[Na+].[Na+].[O-]S([O-])(=O)=O,PMZURENOXWZQFD-UHFFFAOYSA-L
7758-99-8,Copper(II) sulfate pentahydrate,blue vitriol; cupric sulfate,CuSO4·5H2O,249.68,solid,2.28,O.O.O.O.O.[Cu+2].[O-]S([O-])(=O)=O,JZCCFEFSEZPSOG-UHFFFAOYSA-L
7761-88-8,Silver nitrate,lunar caustic; AgNO3,AgNO3,169.87,solid,4.35,[Ag+].[O-][N+]([O-])=O,SQGYOTSLMSWVJD-UHFFFAOYSA-N
7778-50-9,Potassium dichromate,K2Cr2O7,K2Cr2O7,294.18,solid,2.68,[K+].[K+].[O-][Cr](=O)(=O)O[Cr]([O-])(=O)=O,KMUONIBRACKNSN-UHFFFAOYSA-N
7782-44-7,"Oxygen, compressed",dioxygen; O2,O2,32.00,gas,,O=O,MYMOFIZGZYHOMD-UHFFFAOYSA-N
7783-20-2,Ammonium sulfate,ammonium sulphate; AmSO4,(NH4)2SO4,132.14,solid,1.77,[NH4+].[NH4+].[O-]S([O-])(=O)=O,BFNBIHQBYMNNAN-UHFFFAOYSA-N
7789-60-8,Phosphorus tribromide,tribromophosphane; PBr3,PBr3,270.68,liquid,2.88,BrP(Br)Br,IPNPIHIZVLFAFP-UHFFFAOYSA-N
7789-78-8,Calcium hydride,CaH2,CaH2,42.09,solid,1.9,[H-].[H-].[Ca+2],UUGAXJGDKREHIO-UHFFFAOYSA-N
7791-13-1,Cobalt(II) chloride hexahydrate,CoCl2; cobaltous chloride,CoCl2·6H2O,237.93,solid,1.92,O.O.O.O.O.O.[Co+2].[Cl-].[Cl-],GFHNAMRJFCEERV-UHFFFAOYSA-L
7791-18-6,Magnesium chloride hexahydrate,MgCl2,MgCl2·6H2O,203.30,solid,1.57,O.O.O.O.O.O.[Mg+2].[Cl-].[Cl-],DHRRIBDTHFBPNG-UHFFFAOYSA-L
9002-07-7,Trypsin from bovine pancreas,trypsin; EC 3.4.21.4,,,solid,,,
9003-98-9,DNase I from bovine pancreas,deoxyribonuclease I; EC 3.1.21.1,,,solid,,,
9004-74-4,Poly(ethylene glycol) monomethyl ether,PEG MME; mPEG,,,solid,,,
9012-36-6,Agarose,,,,solid,,,
9048-46-8,Bovine serum albumin,BSA; albumin fraction V,,,solid,,,
10025-99-7,Potassium tetrachloroplatinate(II),K2PtCl4; dipotassium tetrachloroplatinate,K2PtCl4,415.09,solid,3.38,[K+].[K+].Cl[Pt-2](Cl)(Cl)Cl,RVRDLMCWUILSAH-UHFFFAOYSA-J
10035-04-8,Calcium chloride dihydrate,CaCl2,CaCl2·2H2O,147.01,solid,1.85,O.O.[Ca+2].[Cl-].[Cl-],LLSDKQJKOVVTOJ-UHFFFAOYSA-L
10043-35-3,Boric acid,orthoboric acid; H3BO3,H3BO3,61.83,solid,1.44,OB(O)O,KGBXLFKZBHKPEV-UHFFFAOYSA-N
10049-21-5,Sodium dihydrogen phosphate monohydrate,sodium phosphate monobasic monohydrate,NaH2PO4·H2O,137.99,solid,2.04,O.[Na+].OP(O)([O-])=O,BBMHARZCALWXSL-UHFFFAOYSA-M
10099-74-8,Lead(II) nitrate,plumbous nitrate,Pb(NO3)2,331.21,solid,4.53,[Pb+2].[O-][N+]([O-])=O.[O-][N+]([O-])=O,RLJMLMKIBZAXJO-UHFFFAOYSA-N
10101-97-0,Nickel(II) sulfate hexahydrate,NiSO4,NiSO4·6H2O,262.85,solid,2.07,O.O.O.O.O.O.[Ni+2].[O-]S([O-])(=O)=O,RRIWRJBSCGCBID-UHFFFAOYSA-L
10102-17-7,Sodium thiosulfate pentahydrate,hypo; Na2S2O3,Na2S2O3·5H2O,248.18,solid,1.69,O.O.O.O.O.[Na+].[Na+].[O-]S([O-])(=O)=S,PODWXQQNRWNDGD-UHFFFAOYSA-L
10102-25-7,Lithium sulfate monohydrate,Li2SO4,Li2SO4·H2O,127.96,solid,2.06,O.[Li+].[Li+].[O-]S([O-])(=O)=O,RKGLUDFWIKNKMX-UHFFFAOYSA-L
10108-64-2,Cadmium chloride,CdCl2; cadmium dichloride,CdCl2,183.32,solid,4.05,Cl[Cd]Cl,YKYOUMDCQGMQQO-UHFFFAOYSA-L
10294-33-4,Boron tribromide,tribromoborane; BBr3,BBr3,250.52,liquid,2.65,BrB(Br)Br,ILAHWRKJUDSMFH-UHFFFAOYSA-N
10326-27-9,Barium chloride dihydrate,BaCl2,BaCl2·2H2O,244.26,solid,3.1,O.O.[Ba+2].[Cl-].[Cl-],PWHCIQQGOQTFAE-UHFFFAOYSA-L
12125-02-9,Ammonium chloride,sal ammoniac; NH4Cl,NH4Cl,53.49,solid,1.53,[NH4+].[Cl-],NLXLAEXVIDQMFP-UHFFFAOYSA-N
12650-88-3,Lysozyme from hen egg white,HEWL; muramidase,,,solid,,,
13967-50-5,Potassium dicyanoaurate(I),potassium gold cyanide; KAu(CN)2,KAu(CN)2,288.10,solid,3.45,[K+].[Au+].[C-]#N.[C-]#N,XTFKWYDMKGAZKK-UHFFFAOYSA-N
14221-01-3,Tetrakis(triphenylphosphine)palladium(0),Pd(PPh3)4; palladium tetrakis,C72H60P4Pd,1155.56,solid,,[Pd].c1ccc(cc1)P(c1ccccc1)c1ccccc1.c1ccc(cc1)P(c1ccccc1)c1ccccc1.c1ccc(cc1)P(c1ccccc1)c1ccccc1.c1ccc(cc1)P(c1ccccc1)c1ccccc1,NFHFRUOZVGFOOS-UHFFFAOYSA-N
16853-85-3,Lithium aluminium hydride,LAH; LiAlH4; lithium tetrahydridoaluminate,LiAlH4,37.95,solid,,[Li+].[AlH4-],OCZDCIYGECBNKL-UHFFFAOYSA-N
16940-66-2,Sodium borohydride,sodium tetrahydridoborate; NaBH4,NaBH4,37.83,solid,,[BH4-].[Na+],YOQDYZUWIQVZSF-UHFFFAOYSA-N
24424-99-5,Di-tert-butyl dicarbonate,Boc anhydride; Boc2O,C10H18O5,218.25,solid,,CC(C)(C)OC(=O)OC(=O)OC(C)(C)C,DYHSDKLCOJIUFX-UHFFFAOYSA-N
25322-68-3,Polyethylene glycol,PEG; macrogol; poly(ethylene oxide),,,solid,,,
25389-94-0,Kanamycin sulfate,kanamycin A sulfate; Kantrex,C18H36N4O11·H2SO4,582.58,solid,,OS(O)(=O)=O.NC[C@H]1O[C@H](O[C@@H]2[C@@H](N)C[C@@H](N)[C@H](O[C@H]3O[C@H](CO)[C@@H](O)[C@H](N)[C@H]3O)[C@H]2O)[C@H](O)[C@@H](O)[C@@H]1O,OOYGSFOGFJDDHP-KMCOLRRFSA-N
26628-22-8,Sodium azide,NaN3,NaN3,65.01,solid,1.85,[Na+].[N-]=[N+]=[N-],PXIPVTKHYLBLMZ-UHFFFAOYSA-N
32315-10-9,Triphosgene,bis(trichloromethyl) carbonate; BTC,C3Cl6O3,296.75,solid,,ClC(Cl)(Cl)OC(=O)OC(Cl)(Cl)Cl,UCPYLLCMEDAXFR-UHFFFAOYSA-N
39450-01-6,Proteinase K,endopeptidase K; Tritirachium album serine proteinase,,,solid,,,
51805-45-9,TCEP hydrochloride,tris(2-carboxyethyl)phosphine hydrochloride,C9H15O6P·HCl,286.65,solid,,Cl.OC(=O)CCP(CCC(O)=O)CCC(O)=O,PBVAJRFEEOIAGW-UHFFFAOYSA-N
53850-34-3,Thaumatin from Thaumatococcus daniellii,thaumatin; Talin,,,solid,,,
64431-96-5,Bis-Tris propane,"BTP; 1,3-bis(tris(hydroxymethyl)methylamino)propane",C11H26N2O6,282.33,solid,,OCC(CO)(CO)NCCCNC(CO)(CO)CO,HHKZCCWKTZRCCL-UHFFFAOYSA-N
69227-93-6,n-Dodecyl-β-D-maltoside,DDM; lauryl maltoside,C24H46O11,510.62,solid,,CCCCCCCCCCCCO[C@@H]1O[C@H](CO)[C@@H](O[C@H]2O[C@H](CO)[C@@H](O)[C@H](O)[C@H]2O)[C@H](O)[C@H]1O,NLEBIOOXCVAHBD-QKMCSOCLSA-N
69991-67-9,Perfluoropolyether cryo oil,PFPE oil; PFO-X175/08,,,liquid,1.9,,
112926-00-8,"Silica gel 60, 40–63 µm",silica; flash silica,SiO2,60.08,solid,,O=[Si]=O,VYPSYNLAJGMNEJ-UHFFFAOYSA-N
138500-85-3,4-(Bromomethyl)phenylboronic acid pinacol ester,"2-(4-(bromomethyl)phenyl)-4,4,5,5-tetramethyl-1,3,2-dioxaborolane",C13H18BBrO2,297.00,solid,,CC1(C)OB(OC1(C)C)c1ccc(CBr)cc1,CBUOGMOTDGNEAW-UHFFFAOYSA-N
145224-94-8,MES monohydrate,2-(N-morpholino)ethanesulfonic acid monohydrate,C6H13NO4S·H2O,213.25,solid,,O.OS(=O)(=O)CCN1CCOCC1,MIIIXQJBDGSIKL-UHFFFAOYSA-N
8032-32-4,Petroleum ether,petroleum ether (ligroin); ligroin; petroleum spirit,,,liquid,,,
\.

-- The figures of the pure substance are not those of its solution.
-- What the file calls a substance stays a name of it, for ours may be that of a grade; but a hydrate is not called as the salt is.
DELETE FROM wanted_names AS n USING own_substances AS o WHERE o.cas_number = n.cas_number AND o.name ~ 'hydrate';
INSERT INTO wanted_names SELECT w.cas_number, w.name FROM wanted AS w JOIN own_substances AS o USING (cas_number) WHERE o.name !~ 'hydrate' ON CONFLICT DO NOTHING;
INSERT INTO wanted AS w (cas_number, name, formula, molar_mass_g_per_mol, smiles, inchikey, physical_state, density_g_per_ml, rank)
SELECT cas_number, name, formula, molar_mass_g_per_mol, smiles, inchikey, physical_state, density_g_per_ml,
       row_number() OVER (ORDER BY lpad(cas_number, 12, '0'))
  FROM own_substances
ON CONFLICT (cas_number) DO UPDATE
   SET name = excluded.name, formula = excluded.formula, molar_mass_g_per_mol = excluded.molar_mass_g_per_mol,
       smiles = excluded.smiles, inchikey = excluded.inchikey, physical_state = excluded.physical_state,
       density_g_per_ml = coalesce(excluded.density_g_per_ml, w.density_g_per_ml), rank = excluded.rank,
       sources = CASE WHEN excluded.density_g_per_ml IS NULL THEN w.sources ELSE w.sources - 'density_g_per_ml' END;
UPDATE wanted AS w
   SET melting_point_celsius = NULL, boiling_point_celsius = NULL, flash_point_celsius = NULL, autoignition_celsius = NULL,
       lower_explosion_limit_percent = NULL, upper_explosion_limit_percent = NULL,
       sources = w.sources - '{melting_point_celsius,boiling_point_celsius,flash_point_celsius,autoignition_celsius,lower_explosion_limit_percent,upper_explosion_limit_percent}'::text[]
  FROM own_substances AS o
 WHERE o.cas_number = w.cas_number AND w.name ~ '%|[Ss]olution';
INSERT INTO wanted_names SELECT cas_number, string_to_table(synonyms, '; ') FROM own_substances ON CONFLICT DO NOTHING;
